# Puts the part Requester into the web service.
use strict; use warnings; use utf8;
use lib '/usr/share/otrs', '/usr/share/otrs/Kernel/cpan-lib';
use Kernel::System::ObjectManager;
local $Kernel::OM = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'lyhord' } );
sub of { return $Kernel::OM->Get("Kernel::System::$_[0]") }
my $yaml = of('Main')->FileRead( Location => $ARGV[0], Mode => 'utf8' );
my $more = of('YAML')->Load( Data => ${$yaml} ) or die "no YAML\n";
my $service = of('GenericInterface::Webservice')->WebserviceGet( Name => 'Lyhord' );
of('GenericInterface::Webservice')->WebserviceUpdate(
    %{$service}, Config => { %{ $service->{Config} }, %{$more} }, UserID => 1,
) or die "not kept\n";
