// A Trusted Web Activity: Chrome shows the site without its own edges, as long as the site vouches for this app
// (/.well-known/assetlinks.json) and this app for the site (asset_statements in strings.xml).
plugins {
    id("com.android.application")
}

android {
    namespace = "@@ANDROID_ID@@"
    compileSdk = 35

    defaultConfig {
        applicationId = "@@ANDROID_ID@@"
        minSdk = 23
        targetSdk = 35
        versionCode = @@VERSION_CODE@@
        versionName = "@@VERSION@@"
    }

    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"))
        }
    }
}

dependencies {
    implementation("com.google.androidbrowserhelper:androidbrowserhelper:2.6.2")
}
